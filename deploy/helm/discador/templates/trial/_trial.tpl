{{/* The parts that the single-node servers of a trial share: (dict "root" $ "component" "redis" "port" 6379) */}}
{{- define "discador.trialService" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "discador.metadata" . | nindent 2 }}
spec:
  clusterIP: None
  selector:
    {{- include "discador.selector" . | nindent 4 }}
  ports:
    - name: {{ .component }}
      port: {{ .port }}
      targetPort: {{ .component }}
{{- end -}}

{{- define "discador.trialSpec" -}}
serviceName: {{ include "discador.name" . }}
replicas: 1
selector:
  matchLabels:
    {{- include "discador.selector" . | nindent 4 }}
{{- end -}}

{{/* The official images of all three run as 999. */}}
{{- define "discador.trialPod" -}}
serviceAccountName: {{ include "discador.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 60
securityContext:
  {{- include "discador.podSecurity" (dict "user" 999) | nindent 2 }}
{{- end -}}

{{- define "discador.trialContainer" -}}
name: {{ .component }}
image: {{ .image }}
ports:
  - {name: {{ .component }}, containerPort: {{ .port }}}
startupProbe:
  tcpSocket: {port: {{ .component }}}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  tcpSocket: {port: {{ .component }}}
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  exec:
    command: {{ .ready | toJson }}
  periodSeconds: 5
  timeoutSeconds: 10
resources:
  requests: {cpu: 100m, memory: 256Mi}
  limits: {memory: 1Gi}
securityContext:
  {{- include "discador.containerSecurity" . | nindent 2 }}
{{- end -}}
